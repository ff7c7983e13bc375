/** The sign of the product: a vessel in profile with a level inside. Takes the colour of its text. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <rect x="4" y="7.5" width="8" height="5" fill="currentColor" opacity="0.9" />
      <path d="M2.5 2v12h11V2" fill="none" stroke="currentColor" strokeWidth="1.75" />
    </svg>
  );
}
