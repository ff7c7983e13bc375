import { actorOf, type EventFamily, envelope, momentsOf, requestMetadata, type World } from "./family.ts";

// How often each sign-in event happens, out of the sum.
const ACTIONS: readonly (readonly [action: string, weight: number])[] = [
  ["login_success", 52],
  ["native_login_success", 14],
  ["token_issued", 10],
  ["logout_success", 9],
  ["password_login_invalid_password", 7],
  ["token_revoked", 2],
  ["password_reset_initiated", 2],
  ["password_reset_success", 1],
  ["password_login_sentinel_challenge", 1],
  ["password_login_sentinel_blocked", 1],
  ["signup_success", 1],
];
const WEIGHTS = ACTIONS.reduce((sum, [, weight]) => sum + weight, 0);
const STRANGERS = ["198.18.200.14", "198.18.201.77", "198.18.202.9"];

/** Sign-ins, failed ones included; their times have whole seconds, as on the live feed. */
export function authFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: "AUTH_LOG",
    reachMs: 10 * 60_000,
    plan: (cell) =>
      momentsOf(world, cell, "auth", 0.1).map(({ random, id, atUs, person }) => {
        const action = weighted(random.fraction());
        const stranger = action.startsWith("password_login") && random.chance(0.4) ? random.pick(STRANGERS) : undefined;
        const secondUs = Math.floor(atUs / 1_000_000) * 1_000_000;
        const provider = random.chance(0.6) ? { auth_provider_name: "password" } : { role: person.role };
        return {
          id,
          atUs: secondUs,
          write: () => ({
            ...envelope(world, family, { id, atUs: secondUs }, actorOf(person), 0),
            request_metadata: stranger === undefined ? requestMetadata(person) : strange(stranger),
            action_data: { action, ...provider },
          }),
        };
      }),
  };
  return family;
}

function weighted(share: number): string {
  let left = share * WEIGHTS;
  for (const [action, weight] of ACTIONS) {
    left -= weight;
    if (left < 0) return action;
  }
  return "login_success";
}

// Nobody knows where this address is: the live feed then has empty strings.
function strange(address: string) {
  return {
    client_ip: address,
    client_ip_details: { country: "", city: "", region: "", region_code: "", asn: "", latitude: "", longitude: "" },
  };
}
