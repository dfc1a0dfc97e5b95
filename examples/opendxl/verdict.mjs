// Three tools on OpenDXL, each with a certificate of its own, and nobody who conducts them: a sandbox announces what it
// found, a proxy and a firewall react to it, and the sandbox asks the firewall what it blocks now.
//
//   node examples/opendxl/verdict.mjs <folder with sandbox/, proxy/ and firewall/, as provisioned>

import { join } from 'node:path';
import dxl from '@opendxl/dxl-client';

const VERDICT = '/example/event/verdict/file';
const BLOCKED = '/example/event/blocked';
const BLOCKS = '/example/service/firewall/blocks';

const say = (who, text) => process.stdout.write(`${who.padEnd(8)} ${text}\n`);

/** Connects as one of the tools. */
async function joinAs(folder, who) {
  const config = dxl.Config.createDxlConfigFromFile(join(folder, who, 'dxlclient.config'));
  const client = new dxl.Client(config);
  client.on('error', (error) => {
    say(who, `cannot connect: ${error.message}`);
    process.exit(1);
  });
  await new Promise((resolve) => client.connect(resolve));
  return client;
}

function announce(client, topic, data) {
  const event = new dxl.Event(topic);
  event.payload = JSON.stringify(data);
  client.sendEvent(event);
}

/** Asks a service, and gives what it answered. The broker answers in order, so that whatever was sent before is there. */
function ask(client, topic, data = {}) {
  const request = new dxl.Request(topic);
  request.payload = JSON.stringify(data);
  return new Promise((resolve, reject) => {
    client.asyncRequest(request, (error, response) =>
      error ? reject(error) : resolve(JSON.parse(String(response.payload))),
    );
  });
}

/** Listens to verdicts, and tells the others when it blocked something for one. */
async function react(client, who, block) {
  client.addEventCallback(VERDICT, ({ payload }) => {
    const verdict = JSON.parse(String(payload));
    if (verdict.verdict !== 'malicious') return;
    const what = block(verdict);
    say(who, `blocks ${what} because of ${verdict.sha256.slice(0, 8)}…`);
    announce(client, BLOCKED, { by: who, what });
  });
  await ask(client, '/mcafee/service/dxl/broker/health');
}

async function offerBlocks(client, blocks) {
  const info = new dxl.ServiceRegistrationInfo(client, '/example/firewall');
  info.addTopic(BLOCKS, (request) => {
    const response = new dxl.Response(request);
    response.payload = JSON.stringify({ addresses: [...blocks] });
    client.sendResponse(response);
  });
  await new Promise((resolve, reject) => {
    client.registerServiceAsync(info, (error) => (error ? reject(error) : resolve()));
  });
}

const [folder = '.'] = process.argv.slice(2);
const [sandbox, proxy, firewall] = await Promise.all(
  ['sandbox', 'proxy', 'firewall'].map((who) => joinAs(folder, who)),
);

const addresses = new Set();
await react(proxy, 'proxy', ({ url }) => url);
await react(firewall, 'firewall', ({ ip }) => {
  addresses.add(ip);
  return ip;
});
await offerBlocks(firewall, addresses);

const reactions = new Promise((resolve) => {
  const heard = new Set();
  sandbox.addEventCallback(BLOCKED, ({ payload }) => {
    const { by, what } = JSON.parse(String(payload));
    say('sandbox', `hears that the ${by} blocked ${what}`);
    heard.add(by);
    if (heard.size === 2) resolve();
  });
});
await ask(sandbox, '/mcafee/service/dxl/broker/health');

say('sandbox', 'announces a malicious file');
announce(sandbox, VERDICT, {
  sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
  verdict: 'malicious',
  url: 'http://malware.example/dropper.exe',
  ip: '198.51.100.23',
});
await reactions;
say('sandbox', `asks the firewall, which blocks ${(await ask(sandbox, BLOCKS)).addresses.join(', ')}`);

await Promise.all([sandbox, proxy, firewall].map((client) => new Promise((resolve) => client.destroy(resolve))));
