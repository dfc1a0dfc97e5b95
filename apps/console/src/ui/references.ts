/** Where something that a reference names is shown, and what kind of thing it is. */
export interface Place {
  readonly kind: string;
  readonly id: string;
  /** Path of its screen; undefined where it has none. */
  readonly path: string | undefined;
}

const SCREENS: Readonly<Record<string, (id: string) => string>> = {
  alert: (id) => `/alerts/${encodeURIComponent(id)}`,
  case: (id) => `/cases/${encodeURIComponent(id)}`,
  run: (id) => `/runs/${encodeURIComponent(id)}`,
  effect: (id) => `/effects/${encodeURIComponent(id)}`,
  inbox: (id) => `/approvals/${encodeURIComponent(id)}`,
  playbook: (id) => `/playbooks/${encodeURIComponent(id)}`,
  reaction: (id) => `/fabric/reactions/${encodeURIComponent(id)}`,
  participant: (id) => `/fabric/participants/${encodeURIComponent(id)}`,
  connection: (id) => `/connections/${encodeURIComponent(id)}`,
  connector: (id) => `/connectors/${encodeURIComponent(id)}`,
  source: (id) => `/sources/${encodeURIComponent(id)}`,
  event: (id) => `/trace/${encodeURIComponent(`event:${id}`)}`,
  raw: (id) => `/trace/${encodeURIComponent(`raw:${id}`)}`,
  trace: (id) => `/trace/${encodeURIComponent(id)}`,
};

/** Reads a reference: `alert:…`, `run:…/<address>`, `effect:…`, … */
export function placeOf(ref: string): Place {
  const colon = ref.indexOf(':');
  const kind = colon === -1 ? '' : ref.slice(0, colon);
  const rest = ref.slice(colon + 1);
  const slash = kind === 'run' ? rest.indexOf('/') : -1;
  const id = slash === -1 ? rest : rest.slice(0, slash);
  const path = SCREENS[kind]?.(id);
  if (slash === -1 || path === undefined) return { kind, id, path };
  return { kind, id, path: `${path}?step=${encodeURIComponent(rest.slice(slash + 1))}` };
}
