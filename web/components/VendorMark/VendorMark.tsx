import styles from "./VendorMark.module.css";

/** A vendor as its first letter in a square: we carry nobody's logo. */
export function VendorMark({ vendor, size = 24 }: { readonly vendor: string; readonly size?: 24 | 40 }) {
  return (
    <span className={styles.mark} data-size={size} aria-hidden="true">
      {vendor.slice(0, 1).toUpperCase()}
    </span>
  );
}
