import {
  createSimulator,
  type SimulatorFactory,
  type SimulatorRequest,
  type SimulatorRoute,
} from '@counterpoint/connector-kit/simulator';
import type { Json } from '@counterpoint/core';

const CREDENTIAL = 'Bearer lab-http-credential';

/** A simulated API under `/base`: `/items` keeps what is sent to it, `/echo` tells what it received. */
export const simulate: SimulatorFactory = async (options = {}) => {
  const items: Json[] = [];
  const echo: SimulatorRoute = ({ method, query, headers, body }: SimulatorRequest) => ({
    body: { method, query, content_type: headers['content-type'] ?? null, body },
  });
  const server = await createSimulator({
    ...options,
    authenticate: ({ headers }) =>
      headers.authorization === CREDENTIAL ? undefined : { status: 401, body: { message: 'wrong credential' } },
    routes: {
      'GET /base': () => ({ body: { service: 'lab' } }),
      'GET /base/items': () => ({ body: { items: [...items] } }),
      'GET /base/text': () => ({ headers: { 'content-type': 'text/plain' }, text: 'just words' }),
      'POST /base/items': ({ body }) => {
        items.push(body);
        return { status: 201, body: { id: items.length } };
      },
      'GET /base/echo': echo,
      'PUT /base/echo': echo,
    },
  });
  return { server, config: { base_url: `${server.url}/base` }, secrets: { credential: CREDENTIAL } };
};
