// Hosts and ports as settings name them.
import { isIP } from "node:net";
import { z } from "zod";

export interface Host {
  readonly name: string;
  readonly port: number;
}

const NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/;
const MOST = 20;

/** Several hosts in one setting, separated by spaces or commas. A port may be left out where there is a usual one. */
export function hostList(example: string, usualPort: number | undefined, literalV6 = true) {
  const error = `expected hosts${usualPort === undefined ? " and ports" : ""}, separated by spaces, such as ${example}`;
  const fits = (text: string) => {
    const hosts = pieces(text).map((piece) => hostOf(piece, usualPort));
    return (
      hosts.length > 0 && hosts.length <= MOST && hosts.every((host) => host && (literalV6 || isIP(host.name) !== 6))
    );
  };
  return z.string({ error }).max(5_000, { error }).refine(fits, { error });
}

/** The hosts of a setting that `hostList` has accepted. */
export const hostsOf = (text: string, usualPort?: number): readonly Host[] =>
  pieces(text).flatMap((piece) => hostOf(piece, usualPort) ?? []);

/** As it stands in settings and sentences. */
export const hostText = ({ name, port }: Host): string => (isIP(name) === 6 ? `[${name}]:${port}` : `${name}:${port}`);

const pieces = (text: string) => text.split(/[\s,]+/).filter((piece) => piece !== "");

function hostOf(piece: string, usualPort: number | undefined): Host | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/]+))(?::(\d{1,5}))?$/.exec(piece) ?? [];
  const name = bracketed ?? plain ?? "";
  const port = digits === undefined ? usualPort : Number(digits);
  if (port === undefined || port < 1 || port > 65_535) return undefined;
  return (bracketed === undefined ? NAME.test(name) : isIP(name) === 6) ? { name, port } : undefined;
}
