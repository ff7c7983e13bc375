// What a load balancer asks to be told again, so that the next request reaches the same machine behind it.

export interface StickyCookies {
  /** The value of a `cookie` header; undefined where there is nothing to tell. */
  header(): string | undefined;
  keep(answer: Headers): void;
}

/** More than a balancer needs; a server cannot make us carry more. */
const MOST = 20;
const COOKIE = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=("?[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"?)\s*(?:;|$)/;

/** For one host only: names and values are kept, whatever else a cookie says is not looked at. */
export function stickyCookies(): StickyCookies {
  const cookies = new Map<string, string>();
  return {
    header: () => (cookies.size === 0 ? undefined : [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")),
    keep(answer) {
      for (const line of answer.getSetCookie()) {
        const [, name, value] = COOKIE.exec(line) ?? [];
        if (name === undefined || value === undefined || value.length > 4_096) continue;
        if (cookies.has(name) || cookies.size < MOST) cookies.set(name, value);
      }
    },
  };
}
