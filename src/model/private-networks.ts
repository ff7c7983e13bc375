import { BlockList, isIP } from "node:net";

/** Ranges that can be opened for alerts: this machine, private networks, shared addresses. */
const OPENABLE = blockListOf([
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "::1/128",
  "fc00::/7",
]);
/** Metadata services that lie within them. */
const NEVER = blockListOf(["100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128"]);

/** Whether the text is a range, as CIDR, that may be opened. */
export function isOpenableRange(range: string): boolean {
  const [network = "", prefix = "", more] = range.split("/");
  const family = isIP(network);
  if (family === 0 || more !== undefined || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  return isWithin(OPENABLE, network) && Number(prefix) >= (family === 4 ? 8 : 7);
}

/** Whether an address lies in one of these ranges, and no metadata service answers there. */
export function namedAddresses(ranges: readonly string[]): (address: string) => boolean {
  const named = blockListOf(ranges.filter(isOpenableRange));
  return (address) => isWithin(named, address) && isWithin(OPENABLE, address) && !isWithin(NEVER, address);
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, prefix] = range.split("/");
    list.addSubnet(network!, Number(prefix), isIP(network!) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

const isWithin = (list: BlockList, address: string) =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
