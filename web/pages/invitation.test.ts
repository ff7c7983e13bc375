import { expect, test } from "vitest";
import { invitationLink, readInvitation } from "./invitation.ts";

test("a link carries token and name behind the sign that is sent to no server", () => {
  const invitation = { token: "cistern_invitation_x", name: "Ben & Søn #1" };
  const url = new URL(invitationLink("https://cistern.example", invitation));

  expect(url.origin + url.pathname + url.search).toBe("https://cistern.example/join");
  expect(readInvitation(url)).toEqual(invitation);
  expect(readInvitation(new URL("https://cistern.example/join"))).toBeUndefined();
  expect(readInvitation(new URL("https://cistern.example/setup#token=x"))).toBeUndefined();
});
