// A small client of the API: types by openapi-typescript, calls by openapi-fetch.
// `make clients` compiles it and plays it against the running product.

import createClient from "openapi-fetch";
import type { paths } from "./generated/openapi.js";

const address = process.env.API ?? "http://127.0.0.1:8000";
const password = process.env.COMMUNITY_DEMO_PASSWORD ?? "";

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
  console.log(`  ${what}`);
}

async function journey(): Promise<void> {
  const api = createClient<paths>({ baseUrl: address });
  const session = await api.POST("/api/v1/auth/login", {
    body: { username: "officer1.lin-a", password },
  });
  if (!session.data) throw new Error(`not signed in: ${session.error.code}`);
  let bearer = { Authorization: `Bearer ${session.data.access_token}` };
  console.log("  an officer signs in");

  const report = {
    id: crypto.randomUUID(),
    occurred_at: new Date(Date.now() - 3_600_000).toISOString(),
    purpose: "community_problem",
    category: "lighting_litter",
    facts: "Two lamps at the bus stop are out.",
    source_relation: "witnessed",
  } as const;
  const first = await api.POST("/api/v1/observations", { headers: bearer, body: report });
  expect(first.response.status === 201, "reports what they saw");
  const again = await api.POST("/api/v1/observations", { headers: bearer, body: report });
  expect(
    again.response.status === 200 && again.data?.reference === first.data?.reference,
    "sends it again, and nothing is doubled",
  );

  const renewed = await api.POST("/api/v1/auth/refresh", {
    headers: { Authorization: `Bearer ${session.data.refresh_token}` },
    body: {},
  });
  if (!renewed.data) throw new Error(`not renewed: ${renewed.error.code}`);
  bearer = { Authorization: `Bearer ${renewed.data.access_token}` };
  console.log("  renews the tokens");

  const list = await api.GET("/api/v1/observations", {
    headers: bearer,
    params: { query: { limit: 5, status: "received" } },
  });
  expect(list.data?.items.some((item) => item.id === report.id) === true, "finds the report in the list");

  const refused = await api.POST("/api/v1/observations", {
    headers: bearer,
    body: { ...report, facts: "Other facts under the same id." },
  });
  expect(
    refused.response.status === 409 && refused.error?.code === "id_reused",
    "reads in a problem document why other content is refused",
  );
}

await journey();
