import { type Endpoint, endpoints } from '@counterpoint/contracts';
import { commandsOf, type Fence } from './pages.ts';

/** A request to our API that a page shows as a curl command. */
export interface ShownRequest {
  readonly page: string;
  readonly line: number;
  readonly method: string;
  /** Under `/api/v1`. */
  readonly path: string;
  /** Undefined: none is shown, or it comes from somewhere else. */
  readonly body: string | undefined;
}

/** The requests that a shell block sends to `/api/v1`. */
export function requestsOf(fence: Fence): readonly ShownRequest[] {
  const joined = { ...fence, text: fence.text.replace(/'[^']*'/g, (quoted) => quoted.replaceAll('\n', ' ')) };
  return commandsOf(joined).flatMap((command) => {
    const path = /curl .*?\/api\/v1(\/[^\s'"?]*)/.exec(command)?.[1];
    if (path === undefined) return [];
    const body = / -d '([^']*)'/.exec(command)?.[1];
    const method = / -X (\w+)/.exec(command)?.[1] ?? (/ (?:-d|--data) /.test(command) ? 'POST' : 'GET');
    return [{ page: fence.page, line: fence.line, method, path, body }];
  });
}

function endpointOf({ method, path }: ShownRequest): Endpoint | undefined {
  const list: readonly Endpoint[] = Object.values(endpoints);
  const fits = list.filter((one) => {
    const pattern = new RegExp(`^${one.path.replace(/:\w+/g, '[^/]+')}$`);
    return one.method === method && pattern.test(path);
  });
  return fits.find((one) => one.path === path) ?? fits[0];
}

/** Paths beside the table of operations. */
const OUTSIDE = new Set(['/stream', '/openapi.json']);

/** Why the server would refuse a shown request; undefined: it would take it. */
export function requestProblem(request: ShownRequest): string | undefined {
  if (OUTSIDE.has(request.path)) return undefined;
  const endpoint = endpointOf(request);
  if (!endpoint) return `there is no ${request.method} ${request.path}`;
  if (request.body === undefined) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch (error) {
    return `its body is no JSON: ${String(error)}`;
  }
  const checked = endpoint.body?.safeParse(body);
  if (!checked) return `${request.method} ${request.path} takes no body`;
  return checked.success
    ? undefined
    : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
