import { Skeleton } from "@mantine/core";
import { ApiError } from "../api.ts";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useSession } from "../hooks/useSession.ts";
import { useSettingsAccounts } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";
import styles from "./Settings.module.css";

/** Who can sign in, and with which roles. */
export function SettingsAccounts() {
  const { data, error, isPending, refetch } = useSettingsAccounts();
  const me = useSession().data?.account?.name;
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  return (
    <>
      <p className="quiet">
        Reading events is a permission of its own: the role analyst has it, the role admin alone has not.
      </p>
      {error && <ErrorNotice error={error} what="The accounts could not be loaded" retry={() => void refetch()} />}
      {isPending && <Skeleton height={112} radius={8} />}
      {data && (
        <div className={`card ${styles.table}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Roles</th>
                <th scope="col">Created</th>
                <th scope="col">Last sign-in</th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ id, name, roles, createdAt, lastSignInAt }) => (
                <tr key={id}>
                  <td>
                    <strong>{name}</strong> {name === me && <span className="quiet">(you)</span>}
                  </td>
                  <td>{roles.join(", ")}</td>
                  <td>
                    <RelativeTime at={createdAt} />
                  </td>
                  <td>
                    <RelativeTime at={lastSignInAt} none="never" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
