import { Button } from "@mantine/core";
import { ApiError } from "../api.ts";
import { Doorway } from "../components/Doorway/Doorway.tsx";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";

/** The whole page while the server does not answer. */
export function Offline({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const away = error instanceof ApiError && error.status === 0;
  return (
    <Doorway title={away ? "The server is away" : "The console cannot start"}>
      <ErrorNotice error={error} what={away ? "No answer from the Cistern server" : "The session could not be read"} />
      <Button fullWidth onClick={retry}>
        Try again
      </Button>
    </Doorway>
  );
}
