// A customer's life by openapi-fetch, with the types of openapi-typescript.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const headers = { Authorization: `Bearer ${process.env["API_KEY"]}` };
const client = createClient<paths>({ baseUrl: process.env["API_URL"]!, headers });

const body = { email: "fetch@example.com", firstName: "Fetch", phone: "+233201234568" };
const added = (await client.POST("/customers", { body })).data!.data;
const params = { path: { id: added.id } };
const changed = (await client.PATCH("/customers/{id}", { params, body: { lastName: "Api" } })).data!.data;
assert.deepEqual([changed.firstName, changed.lastName, changed.phone], ["Fetch", "Api", body.phone]);
const flag = { blacklist: true, reason: "fraud" as const };
assert.equal((await client.POST("/customers/blacklist/{id}", { params, body: flag })).data!.data.blacklist, true);
const verdict = (await client.POST("/customers/check", { body: { email: body.email } })).data!.data;
assert.equal(verdict.decision, "deny");
await client.POST("/customers/blacklist/{id}", { params, body: { blacklist: false } });
await client.DELETE("/customers/{id}", { params });
const refused = await client.GET("/customers/{id}", { params });
assert.equal(refused.error?.code, "customer_deleted");
console.log("lived");
