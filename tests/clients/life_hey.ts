// A customer's life by the client that hey-api generates.
import assert from "node:assert/strict";
import { client } from "./hey/client.gen.js";
import {
  changeCustomer, checkPerson, createCustomer, deleteCustomer, fetchCustomer, listBlacklistings,
  listChanges, listCustomers, setBlacklist,
} from "./hey/sdk.gen.js";

client.setConfig({ baseUrl: process.env["API_URL"]!, auth: process.env["API_KEY"]! });
const throwOnError = true as const;

const person = { email: "hey@example.com", firstName: "Hey", phone: "+233201234567" };
const added = (await createCustomer({ body: person, throwOnError })).data.data;
const path = { id: added.id };
const changed = (await changeCustomer({ path, body: { lastName: "Api" }, throwOnError })).data.data;
assert.deepEqual([changed.firstName, changed.lastName, changed.phone], ["Hey", "Api", person.phone]);
assert.equal((await fetchCustomer({ path, throwOnError })).data.data.version, 2);
await setBlacklist({ path, body: { blacklist: true, reason: "fraud" }, throwOnError });
const verdict = (await checkPerson({ body: { email: person.email }, throwOnError })).data.data;
assert.equal(verdict.decision, "deny");
const cases = (await listBlacklistings({ path, throwOnError })).data.data.blacklistings;
assert.equal(cases[0]?.reason, "fraud");
const listed = (await listCustomers({ query: { blacklist: true }, throwOnError })).data.data;
assert.equal(listed.customers[0]?.id, added.id);
await setBlacklist({ path, body: { blacklist: false }, throwOnError });
await deleteCustomer({ path, throwOnError });
const refused = await fetchCustomer({ path });
assert.equal(refused.error?.code, "customer_deleted");
const told = (await listChanges({ throwOnError })).data.data.changes;
assert.equal(told.at(-1)?.type, "customer.deleted");
console.log("lived");
