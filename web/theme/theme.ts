import { createTheme, Drawer, Menu, Modal, Popover, Tooltip } from "@mantine/core";

const quick = { duration: 120, timingFunction: "ease-out" } as const;

/** Mantine's defaults for this console. Colours are not here: they are static, in theme/mantine.css. */
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // A scroll lock would write a style element of its own, which the content security policy refuses.
    DrawerRoot: Drawer.Root.extend({ defaultProps: { lockScroll: false } }),
    ModalRoot: Modal.Root.extend({ defaultProps: { lockScroll: false } }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, transitionProps: { ...quick, transition: "slide-left" } },
    }),
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, transitionProps: { ...quick, transition: "fade" } },
    }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: "md",
        position: "bottom-end",
        transitionProps: quick,
        // Its place holder is no menu item, which assistive technology would stumble over.
        withInitialFocusPlaceholder: false,
      },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: "md", transitionProps: quick } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 250,
        withArrow: false,
        transitionProps: quick,
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
});
