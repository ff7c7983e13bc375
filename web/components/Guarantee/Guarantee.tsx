import type { DestinationKind } from "../../api-types.ts";
import { Notice, sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { guarantees } from "./guarantees.ts";

/** What this kind of destination can promise and what not, before anybody relies on it. */
export function Guarantee({ kind }: { readonly kind: DestinationKind }) {
  const { title, tone } = guarantees[kind.guarantee];
  return (
    <Notice tone={tone} title={title}>
      {sentence(kind.guaranteeNote)}
      {kind.ordered && " Events arrive in the order of the log."}
    </Notice>
  );
}
