// Keys and tokens of a NATS operator, as `nsc` makes them: what a .creds file is signed with.
import { nkeys } from "@nats-io/transport-node";

type KeyPair = ReturnType<typeof nkeys.createUser>;

export interface NatsOperator {
  /** Lines of the server's configuration file. */
  readonly config: string;
  /** The text of a .creds file of a user who may do everything. */
  creds(expires?: Date): string;
}

export function natsOperator(): NatsOperator {
  const [operator, account, system] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const jetStream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const accountToken = (pair: KeyPair, more: object) =>
    token(operator, pair.getPublicKey(), "account", { limits: { ...limits, ...more }, default_permissions: {} });
  const preload = [
    `${account.getPublicKey()}: ${accountToken(account, jetStream)}`,
    `${system.getPublicKey()}: ${accountToken(system, {})}`,
  ];
  return {
    config: [
      `operator: ${token(operator, operator.getPublicKey(), "operator", {})}`,
      `system_account: ${system.getPublicKey()}`,
      "resolver: MEMORY",
      `resolver_preload: { ${preload.join("\n")} }`,
    ].join("\n"),
    creds(expires) {
      const user = nkeys.createUser();
      const permissions = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };
      const jwt = token(account, user.getPublicKey(), "user", permissions, expires);
      const seed = new TextDecoder().decode(user.getSeed());
      return [
        "-----BEGIN NATS USER JWT-----",
        jwt,
        "------END NATS USER JWT------\n",
        "-----BEGIN USER NKEY SEED-----",
        seed,
        "------END USER NKEY SEED------\n",
      ].join("\n");
    },
  };
}

function token(issuer: KeyPair, subject: string, type: string, claims: object, expires?: Date): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);
  const body = {
    jti: subject,
    iat: seconds(new Date()),
    iss: issuer.getPublicKey(),
    name: type,
    sub: subject,
    ...(expires && { exp: seconds(expires) }),
    nats: { type, version: 2, ...claims },
  };
  const unsigned = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part(body)}`;
  return `${unsigned}.${Buffer.from(issuer.sign(new TextEncoder().encode(unsigned))).toString("base64url")}`;
}
