import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./theme/mantine.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { ApiError } from "./api.ts";
import { useTheme } from "./hooks/useTheme.ts";
import { router } from "./routes.tsx";
import { theme } from "./theme/theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // A refusal stays a refusal; only what may pass is tried again.
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      retryDelay: (attempt) => 500 * 2 ** attempt,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

// A session that has ended shows the sign-in on whatever page the reader is, and leads back to it.
client.getQueryCache().subscribe(({ query, type }) => {
  const { error } = query.state;
  if (type !== "updated" || query.queryKey[0] === "session") return;
  if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: ["session"] });
});

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

function Console() {
  const { resolved } = useTheme();
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={resolved}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
