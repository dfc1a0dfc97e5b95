/** A name that a connector cannot have. */
export class ScaffoldError extends Error {}

const manifest = (id: string, title: string) => `id: ${id}
title: ${title}
vendor: ${title}
description: What the product is, in one sentence.
version: 1.0.0
# The vendor's page that this follows.
documentation: https://docs.${id.replaceAll('_', '-')}.example/api
connection:
  type: object
  required: [base_url, api_key]
  properties:
    base_url: { type: string, format: uri, description: "The address of the API." }
    api_key: { type: string, secret: true, minLength: 8, description: "An API key." }
base_url: config.base_url
auth:
  headers: { x-api-key: "\${{ secret.api_key }}" }
rate_limit: { requests: 10, per: 1s }
# Statuses 401, 403, 404, 409, 429 and 5xx need no mapping; answers with an error inside do.
# errors:
#   - { when: body.ok == false, error: invalid_request, message: body.error }
test: { action: get_item, with: { id: "1" } }
actions:
  get_item:
    title: Get an item
    description: What it gives, for an analyst.
    # read, notify, change, contain or destroy. A contain also needs target, inverse, verify and preexisting.
    effect: read
    idempotent: true
    minutes_saved: 1
    input:
      type: object
      required: [id]
      additionalProperties: false
      properties:
        id: { type: string, description: "The item's id." }
    output:
      type: object
      required: [id, name]
      properties:
        id: { type: string, description: "The item's id.", untrusted: false }
        # Text that somebody outside can choose is untrusted.
        name: { type: string, description: "What it is called.", untrusted: true }
    request: { method: GET, path: "/v1/items/\${{ input.id }}" }
    result: { id: "\${{ body.id }}", name: "\${{ body.name }}" }
`;

const simulator = () => `import { createSimulator, type SimulatorFactory } from '@counterpoint/connector-kit/simulator';

const API_KEY = 'lab-api-key';

/** Starts a small server that speaks the vendor's API. */
export const simulate: SimulatorFactory = async (options = {}) => {
  const server = await createSimulator({
    ...options,
    authenticate: ({ headers }) =>
      headers['x-api-key'] === API_KEY ? undefined : { status: 401, body: { message: 'unknown API key' } },
    routes: {
      'GET /v1/items/:id': ({ params }) =>
        params.id === '1'
          ? { body: { id: '1', name: 'An item' } }
          : { status: 404, body: { message: 'there is no such item' } },
    },
  });
  return { server, config: { base_url: server.url }, secrets: { api_key: API_KEY } };
};
`;

const test = (
  id: string,
  title: string,
) => `import { connectorFailure, testConnector } from '@counterpoint/connector-kit/testing';
import { describe, expect, it } from 'vitest';
import { connectors } from '../connectors.ts';
import { simulate } from './simulator.ts';

// What every connector must do: succeed, and tell each failure apart.
const { perform } = testConnector({
  connector: connectors.get('${id}')!,
  simulate,
  calls: { get_item: { id: '1' } },
});

describe('${title}: get_item', () => {
  it('gives the item', async () => {
    expect(await perform('get_item', { id: '1' })).toEqual({ id: '1', name: 'An item' });
  });

  it('tells an unknown item', async () => {
    expect(await connectorFailure(perform('get_item', { id: '2' }))).toMatchObject({ reason: 'not_found' });
  });
});
`;

const readme = (title: string) => `# ${title}

What it is for, in a sentence.

**Set up.** Where the credential comes from, which rights it needs, and the network scope.

**Good to know.** Limits, and what surprises.

**Source.** The vendor's pages that this follows.
`;

/** `acme_cloud` -> `Acme Cloud`. */
function titleOf(id: string): string {
  return id
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/**
 * The files of a new connector, which lints clean and passes its test as it is: name -> content.
 *
 * @throws ScaffoldError when the id is not snake_case or is taken.
 */
export function scaffoldConnector(id: string, taken: readonly string[]): ReadonlyMap<string, string> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(id)) {
    throw new ScaffoldError(`"${id}" is not snake_case, such as acme_cloud`);
  }
  if (taken.includes(id)) throw new ScaffoldError(`there is a connector ${id} already`);
  const title = titleOf(id);
  return new Map([
    ['manifest.yaml', manifest(id, title)],
    ['simulator.ts', simulator()],
    ['connector.test.ts', test(id, title)],
    ['README.md', readme(title)],
  ]);
}
