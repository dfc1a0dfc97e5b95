const STEP_LISTS: ReadonlySet<string> = new Set(['then', 'else', 'do', 'default', 'try', 'finally']);

const OF_STEP: Readonly<Record<string, string>> = {
  with: 'with',
  lease: 'lease',
  retry: 'retry',
  timeout: 'deadline',
  wait: 'wait',
  by: 'by',
  of: 'of',
  form: 'schemas',
  carry: 'carry',
  set: 'data',
  data: 'data',
  yield: 'data',
  elif: 'elifs',
  cases: 'cases',
  parallel: 'cases',
  catch: 'catches',
  covers: 'covers',
};

const OF_DOCUMENT: Readonly<Record<string, string>> = {
  uses: 'uses',
  on: 'triggers',
  inputs: 'schemas',
  concurrency: 'concurrency',
  outputs: 'data',
  steps: 'steps',
  on_cancel: 'steps',
  finally: 'steps',
  do: 'steps',
  subscribe: 'subscribe',
  idempotency: 'idempotency',
  limits: 'limits',
  publish: 'announcement',
};

/** What a map or list at a path of a document holds, in the words of {@link fieldOptions}. */
export function contextAt(path: readonly string[], kind: 'playbook' | 'reaction'): string {
  let context: string = kind;
  for (const key of path) context = inside(context, key, kind);
  return context;
}

function inside(context: string, key: string, kind: 'playbook' | 'reaction'): string {
  if (key === '[]') {
    return { steps: 'step', triggers: 'trigger', elifs: 'elif', catches: 'catch' }[context] ?? context;
  }
  switch (context) {
    case 'playbook':
    case 'reaction':
      if (key === 'on_error') return kind === 'reaction' ? 'failure' : 'steps';
      return OF_DOCUMENT[key] ?? 'data';
    case 'step':
      return STEP_LISTS.has(key) ? 'steps' : (OF_STEP[key] ?? 'data');
    case 'elif':
    case 'catch':
      return STEP_LISTS.has(key) ? 'steps' : 'data';
    case 'cases':
      return 'steps';
    case 'uses':
      return 'use';
    case 'schemas':
    case 'schema':
      return 'schema';
    case 'carry':
      return 'carried';
    case 'subscribe':
      return key === 'trust' ? 'trust' : 'data';
    case 'trigger':
      return key === 'form' ? 'schemas' : key === 'schema' ? 'schema' : 'data';
    case 'wait':
      return key === 'any' ? 'waits' : 'data';
    case 'waits':
      return 'wait';
    case 'with':
      return 'argument';
    default:
      return 'data';
  }
}
