import { Modal } from "@mantine/core";
import { commandKey } from "../Frame/TopBar.tsx";
import styles from "./Shortcuts.module.css";

const shortcuts: readonly (readonly [string, readonly string[]])[] = [
  ["Go to a page or collector", [commandKey, "K"]],
  ["Search on this page", ["/"]],
  ["Collectors", ["g", "c"]],
  ["Catalogue, new collector", ["g", "n"]],
  ["Events", ["g", "e"]],
  ["Destinations", ["g", "t"]],
  ["Sites", ["g", "s"]],
  ["Docs", ["g", "d"]],
  ["Settings", ["g", ","]],
  ["Next or previous row of a list", ["j", "k"]],
  ["Close what is open", ["Esc"]],
  ["This help", ["?"]],
];

/** The keyboard shortcuts, on `?`. */
export function Shortcuts({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size={420}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <dl className={styles.list}>
        {shortcuts.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
