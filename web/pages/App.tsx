import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { CommandPalette } from "../components/CommandPalette/CommandPalette.tsx";
import { Frame } from "../components/Frame/Frame.tsx";
import { Shortcuts } from "../components/Shortcuts/Shortcuts.tsx";
import { Toasts } from "../components/Toast/Toast.tsx";
import { useSession } from "../hooks/useSession.ts";
import { useShortcuts } from "../hooks/useShortcuts.ts";
import { invitationFromAddress } from "./invitation.ts";
import { Offline } from "./Offline.tsx";

const SignIn = lazy(async () => ({ default: (await import("./SignIn.tsx")).SignIn }));
const Join = lazy(async () => ({ default: (await import("./Join.tsx")).Join }));
const FirstRun = lazy(async () => ({ default: (await import("./FirstRun.tsx")).FirstRun }));

/** Decides what is shown: an invitation, set-up, sign-in, or the console. */
export function App() {
  const session = useSession();
  // Set-up goes on after its account exists, until the reader has seen the secret key.
  const [settingUp, setSettingUp] = useState(false);
  const [invitation, setInvitation] = useState(invitationFromAddress);
  if (invitation !== undefined) {
    return (
      <Suspense fallback={null}>
        <Join invitation={invitation} onDone={() => setInvitation(undefined)} />
      </Suspense>
    );
  }
  if (session.data?.setupRequired || settingUp) {
    return (
      <Suspense fallback={null}>
        <FirstRun onBegin={() => setSettingUp(true)} onDone={() => setSettingUp(false)} />
      </Suspense>
    );
  }
  if (session.data?.account) return <Console />;
  if (session.data) {
    return (
      <Suspense fallback={null}>
        <SignIn />
      </Suspense>
    );
  }
  return session.error ? <Offline error={session.error} retry={() => void session.refetch()} /> : null;
}

function Console() {
  const [open, setOpen] = useState<"palette" | "help">();
  const palette = useCallback(() => setOpen("palette"), []);
  const help = useCallback(() => setOpen("help"), []);
  const close = useCallback(() => setOpen(undefined), []);
  useShortcuts({ palette, help });
  return (
    <Toasts>
      <Frame onSearch={palette} onHelp={help}>
        <Outlet />
        <CommandPalette opened={open === "palette"} onClose={close} />
        <Shortcuts opened={open === "help"} onClose={close} />
      </Frame>
    </Toasts>
  );
}
