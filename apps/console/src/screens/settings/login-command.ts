/** Where the command line looks for a server when it is told nothing. */
const USUAL_PORT = '7300';
const USUAL_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** The command that hands a token to the command line. @param origin of the server, as the browser reaches it */
export function loginCommand(origin: string): string {
  const { hostname, port } = new URL(origin);
  const usual = port === USUAL_PORT && USUAL_HOSTS.has(hostname);
  return `npm run counterpoint -- login${usual ? '' : ` --url ${origin}`}`;
}
