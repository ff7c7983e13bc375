import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSockets } from "../../http/outlet.ts";
import { dial, tlsOptions } from "./dial.ts";

let server: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
const closedTo = createSockets({ network: { allowNetworks: [] }, resolve });
const openTo = createSockets({ network: { allowNetworks: ["127.0.0.0/8"] }, resolve });

test.each(["127.0.0.1", "name.example"])(
  "%s in a range that nobody named is not connected to, encrypted or not",
  async (name) => {
    for (const encryption of ["none", "at_once", "later"] as const) {
      const socket = dial(closedTo, { name, port }, encryption);
      const [error] = await once(socket, "error");
      expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
    }
    expect(connections).toBe(0);
  },
);

test.each(["127.0.0.1", "name.example"])("%s in a range that was named is connected to in the clear", async (name) => {
  const socket = dial(openTo, { name, port }, "none");
  await once(socket, "connect");
  expect(socket.remoteAddress).toBe("127.0.0.1");
  socket.destroy();
});

test("a public address is not connected to in the clear", async () => {
  const publicly = createSockets({
    network: { allowNetworks: [] },
    resolve: async () => [{ address: "93.184.215.14", family: 4 }],
  });

  for (const name of ["name.example", "93.184.215.14"]) {
    const socket = dial(publicly, { name, port }, "none");
    const [error] = await once(socket, "error");
    expect(error).toMatchObject({ code: "config_invalid", reason: "address_forbidden" });
  }
});

test("certificates that cannot be read are the operator's to correct", () => {
  const network = {
    allowNetworks: [],
    clientCert: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
    clientKey: "x",
  };
  const { tls } = createSockets({ network, resolve });

  expect(() => tlsOptions({ ...openTo, tls }, "name.example")).toThrowError(
    expect.objectContaining({ code: "config_invalid", reason: "certificate_unreadable" }),
  );
});
