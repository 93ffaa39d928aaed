// Receives webhooks of Gatebook: npm install standardwebhooks, then node receive.mjs 8080
//
// Needs WEBHOOK_SECRET (whsec_…); in front of it, something that speaks HTTPS. Each message may come
// twice, so it remembers their ids: here in memory, in earnest in your database.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const MOST_BYTES = 100_000;
const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set();

createServer(async (request, response) => {
  try {
    const parts = [];
    let length = 0;
    for await (const part of request) {
      length += part.length;
      if (length > MOST_BYTES) return response.writeHead(413).end();
      parts.push(part);
    }
    const message = webhook.verify(Buffer.concat(parts), request.headers);
    const id = request.headers["webhook-id"];
    if (!seen.has(id)) console.log(message.type, message.data.customerId ?? "");
    seen.add(id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end(); // not signed, or broken off
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
