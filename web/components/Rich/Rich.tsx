import { marked } from "./marked.ts";

/** A sentence in which `**names**` of the vendor's screen are set in bold; everything else is plain text. */
export function Rich({ text }: { readonly text: string }) {
  return marked(text).map(({ at, text: words, bold }) =>
    bold ? <strong key={at}>{words}</strong> : <span key={at}>{words}</span>,
  );
}
