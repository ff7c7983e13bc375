import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../api.generated.ts";
import { request } from "../api.ts";

type Schemas = components["schemas"];
export type Alerts = Schemas["Alerts"];
export type AlertChannel = Schemas["AlertChannel"];
export type AlertRule = Alerts["rules"][number];
export type ChannelKind = AlertChannel["kind"];
export type AlertTest = Schemas["AlertTest"];
export type SavedChannel = Schemas["SavedAlertChannel"];
export type SettingsChange = Schemas["AlertSettingsChange"];

export interface ChannelBody {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly leastSeverity: "warning" | "critical";
  readonly enabled: boolean;
}

const key = ["alerts"] as const;
const id = encodeURIComponent;

const sent = async <T>(method: "GET" | "POST" | "PUT" | "PATCH", path: string, body?: unknown): Promise<T> =>
  (await (await request(method, path, body)).json()) as T;

/** Channels, rules, open problems and what was sent; asked again every half minute. */
export const useAlerts = () =>
  useQuery({ queryKey: key, queryFn: () => sent<Alerts>("GET", "/alerts"), refetchInterval: 30_000 });

/** Everything that can be changed of the alerts. */
export function useAlertActions() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: key });
  const create = useMutation({
    mutationFn: (body: ChannelBody & { readonly kind: ChannelKind }) =>
      sent<SavedChannel>("POST", "/alerts/channels", body),
    onSettled,
    gcTime: 0, // a new signing secret is not kept behind the dialog
  });
  const change = useMutation({
    mutationFn: ({ channel, body }: { readonly channel: string; readonly body: Partial<ChannelBody> }) =>
      sent<SavedChannel>("PATCH", `/alerts/channels/${id(channel)}`, body),
    onSettled,
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: async (channel: string) => void (await request("DELETE", `/alerts/channels/${id(channel)}`)),
    onSettled,
  });
  const test = useMutation({
    mutationFn: (channel: string) => sent<AlertTest>("POST", `/alerts/channels/${id(channel)}/test`, {}),
    onSettled,
  });
  const settings = useMutation({
    mutationFn: (body: SettingsChange) => sent<Alerts>("PATCH", "/alerts/settings", body),
    onSettled,
  });
  const heartbeat = useMutation({
    mutationFn: async (url: string | null) => void (await request("PUT", "/alerts/heartbeat", { url })),
    onSettled,
  });
  return { create, change, remove, test, settings, heartbeat };
}
