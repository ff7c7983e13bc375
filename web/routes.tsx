import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { eventsSearch } from "./components/Events/address.ts";
import { App } from "./pages/App.tsx";
import { NotFound, PageFailed } from "./pages/NotFound.tsx";
import { settingsSearch } from "./pages/SettingsAddress.ts";
import { collectorSearch, destinationSearch, draftSearch, overviewSearch, prepareSearch } from "./search.ts";

const root = createRootRoute({ component: App, notFoundComponent: NotFound, errorComponent: PageFailed });
const at = <const Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const home = createRoute({
  ...at("/"),
  beforeLoad: () => {
    throw redirect({ to: "/collectors" });
  },
});
const overview = createRoute({
  ...at("/collectors"),
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("./pages/Overview.tsx"), "Overview"),
});
const catalogue = createRoute({
  ...at("/collectors/new"),
  component: lazyRouteComponent(() => import("./pages/Catalogue.tsx"), "Catalogue"),
});
const newCollector = createRoute({
  getParentRoute: () => catalogue,
  path: "$connector",
  validateSearch: draftSearch,
  component: lazyRouteComponent(() => import("./pages/NewCollector.tsx"), "NewCollector"),
});
const prepare = createRoute({
  ...at("/collectors/new/$connector/prepare"),
  validateSearch: prepareSearch,
  component: lazyRouteComponent(() => import("./pages/Prepare.tsx"), "Prepare"),
});
const collector = createRoute({
  ...at("/collectors/$id"),
  validateSearch: collectorSearch,
  component: lazyRouteComponent(() => import("./pages/Collector.tsx"), "Collector"),
});
const editCollector = createRoute({
  getParentRoute: () => collector,
  path: "edit",
  component: lazyRouteComponent(() => import("./pages/EditCollector.tsx"), "EditCollector"),
});
const sites = createRoute({
  ...at("/sites"),
  component: lazyRouteComponent(() => import("./pages/Sites.tsx"), "Sites"),
});
const events = createRoute({
  ...at("/events"),
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import("./pages/Events.tsx"), "Events"),
});
const event = createRoute({ getParentRoute: () => events, path: "$seq" });
const destinations = createRoute({
  ...at("/destinations"),
  component: lazyRouteComponent(() => import("./pages/Destinations.tsx"), "Destinations"),
});
const destinationKinds = createRoute({
  ...at("/destinations/new"),
  component: lazyRouteComponent(() => import("./pages/DestinationKinds.tsx"), "DestinationKinds"),
});
const newDestination = createRoute({
  ...at("/destinations/new/$kind"),
  component: lazyRouteComponent(() => import("./pages/NewDestination.tsx"), "NewDestination"),
});
const destination = createRoute({
  ...at("/destinations/$id"),
  validateSearch: destinationSearch,
  component: lazyRouteComponent(() => import("./pages/Destination.tsx"), "Destination"),
});
const editDestination = createRoute({
  ...at("/destinations/$id/edit"),
  component: lazyRouteComponent(() => import("./pages/EditDestination.tsx"), "EditDestination"),
});
const docs = createRoute({
  ...at("/docs"),
  component: lazyRouteComponent(() => import("./pages/Docs.tsx"), "Docs"),
});
const docsPage = createRoute({
  ...at("/docs/$"),
  component: lazyRouteComponent(() => import("./pages/Docs.tsx"), "Docs"),
});
const settings = createRoute({
  ...at("/settings"),
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import("./pages/Settings.tsx"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    overview,
    catalogue.addChildren([newCollector]),
    prepare,
    collector.addChildren([editCollector]),
    sites,
    events.addChildren([event]),
    destinations,
    destinationKinds,
    newDestination,
    destination,
    editDestination,
    docs,
    docsPage,
    settings,
  ]),
  defaultPreload: "intent",
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailed,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
