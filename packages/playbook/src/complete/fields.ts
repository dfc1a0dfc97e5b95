import { type CompletionOption, option } from './completion.ts';

/** What can be said of a field. */
interface FieldWords {
  readonly detail?: string;
  readonly doc: string;
  /** What is written behind the key; default a space. */
  readonly behind?: string;
}

/** Fields of a context, by name. */
type Fields = Readonly<Record<string, FieldWords>>;

/** As a name, since an object written with it would look like a promise. */
const THEN = 'then';

const LIST = '\n  - ';
const MAP = '\n  ';

const ABOUT: Fields = {
  kind: { doc: 'What the document is: playbook/v1 or reaction/v1.' },
  id: { doc: 'The name that others use, in snake_case.' },
  title: { doc: 'What people read.' },
  description: { doc: 'More about it, for people.' },
  uses: {
    detail: 'alias: connector',
    doc: 'The connectors and capabilities that steps use, under short names.',
    behind: MAP,
  },
};

const PLAYBOOK: Fields = {
  ...ABOUT,
  on: { detail: 'triggers', doc: 'What starts a run.', behind: LIST },
  inputs: { detail: 'name: schema', doc: 'Values that the playbook takes.', behind: MAP },
  concurrency: { doc: 'What becomes of a run while another one with the same key is at work.', behind: MAP },
  priority: { doc: 'Which runs get a worker first: low, normal, high or emergency.' },
  timeout: { detail: 'duration', doc: 'How long a whole run may take.' },
  steps: { detail: 'list of steps', doc: 'What is done, in order.', behind: LIST },
  on_error: { detail: 'list of steps', doc: 'Done when the run fails; sees `error`.', behind: LIST },
  on_cancel: { detail: 'list of steps', doc: 'Done when the run is cancelled.', behind: LIST },
  finally: { detail: 'list of steps', doc: 'Done in any case, at the end.', behind: LIST },
  outputs: { detail: 'name: value', doc: 'What the run gives to those who called or started it.', behind: MAP },
};

const REACTION: Fields = {
  ...ABOUT,
  mode: { doc: 'observe (record what it would do), ask (hold for a person) or act.' },
  site: { doc: 'The site whose edge node reacts; default: this server.' },
  subscribe: { doc: 'The events that it reacts to, and whom it believes.', behind: MAP },
  idempotency: { doc: 'What counts as the same event, and for how long.', behind: MAP },
  limits: { doc: 'How often it may act, and how far an event may have travelled.', behind: MAP },
  do: { detail: 'list of steps', doc: 'What is done.', behind: LIST },
  publish: { doc: 'The event that tells what was done.', behind: MAP },
  on_error: { doc: 'The topic on which a failure is announced.', behind: MAP },
};

/** What each verb does, and how a step of it begins. */
export const VERB_FIELDS: Fields = {
  action: { detail: 'alias.action', doc: 'Does something through a connector or a capability.' },
  call: { detail: 'playbook', doc: 'Runs another playbook.' },
  if: { detail: 'condition', doc: 'Goes one way or the other; beside another verb, whether the step is done at all.' },
  switch: { detail: 'value', doc: 'Goes the way that a value names.' },
  foreach: { detail: 'list', doc: 'Does the same for each item of a list.' },
  while: { detail: 'condition', doc: 'Repeats as long as a condition holds.' },
  until: { detail: 'condition', doc: 'Repeats until a condition holds.' },
  parallel: { detail: 'branches', doc: 'Does several things at the same time.', behind: MAP },
  approval: { detail: 'question', doc: 'Lets people decide whether the steps that it covers are done.' },
  ask: { detail: 'question', doc: 'Asks a person for information.' },
  wait: { doc: 'Waits for a time, an event, or a window.', behind: MAP },
  publish: { detail: 'topic', doc: 'Publishes an event.' },
  set: { detail: 'name: value', doc: 'Names values for later.', behind: MAP },
  undo: { detail: 'step', doc: 'Takes back what an earlier step did.' },
  try: { detail: 'list of steps', doc: 'Handles errors of the steps inside.', behind: LIST },
  fail: { detail: 'reason', doc: 'Ends the run as failed.' },
  succeed: { detail: 'reason', doc: 'Ends the run as succeeded.' },
};

const COMMON: Fields = {
  id: { doc: 'The name of the step in expressions, in snake_case.' },
  title: { doc: 'What people read about the step.' },
  description: { doc: 'More about it, for people.' },
  if: { detail: 'condition', doc: 'The step is skipped when it does not hold.' },
  timeout: { detail: 'duration', doc: 'How long the step may take.' },
  minutes_saved: { detail: 'number', doc: 'How many minutes of a person it saves.' },
  on_failure: { doc: 'fail or continue.' },
};

const OF_ACTION: Fields = {
  retry: { doc: 'How often and when it is tried again.', behind: MAP },
  recheck: { detail: 'condition', doc: 'Looked at once more right before the effect.' },
  lease: { doc: 'How long the effect stays before it is undone.', behind: MAP },
  connection: { doc: 'Which connection of the connector is used.' },
};

const LOOP: Fields = {
  do: { detail: 'list of steps', doc: 'What is repeated.', behind: LIST },
  carry: { doc: 'What goes from one round to the next: name: { from, next }.', behind: MAP },
  max_iterations: { detail: 'required', doc: 'How many rounds at most.' },
};

const BY_VERB: Readonly<Record<string, Fields>> = {
  action: { with: { doc: 'The arguments.', behind: MAP }, ...OF_ACTION },
  call: { with: { doc: 'The inputs.', behind: MAP }, detach: { doc: 'true: do not wait for its end.' } },
  if: {
    [THEN]: { detail: 'list of steps', doc: 'Done when the condition holds.', behind: LIST },
    elif: { detail: 'list', doc: 'Other conditions, in order.', behind: `${LIST}if: ` },
    else: { detail: 'list of steps', doc: 'Done when no condition holds.', behind: LIST },
  },
  switch: {
    cases: { detail: 'value: steps', doc: 'The steps for each value.', behind: MAP },
    default: { detail: 'list of steps', doc: 'Done for any other value.', behind: LIST },
  },
  foreach: {
    as: { doc: 'The name of the item; default: item.' },
    do: { detail: 'list of steps', doc: 'Done for each item.', behind: LIST },
    yield: { doc: 'What each item gives.' },
    max_items: { doc: 'More items than this are an error; default: 1000.' },
    max_parallel: { doc: 'So many at the same time; default: 1.' },
    on_item_error: { doc: 'fail, collect or skip.' },
  },
  while: LOOP,
  until: LOOP,
  parallel: {
    join: { doc: 'all: wait for every branch; any: for the first.' },
    on_branch_error: { doc: 'fail or collect.' },
  },
  approval: {
    covers: { detail: 'steps', doc: 'The steps that may be done when it is approved.' },
    by: { doc: 'Who decides.', behind: MAP },
    via: { doc: 'How they are told.' },
    form: { doc: 'What they fill in.', behind: MAP },
    timeout: { detail: '{ after, then }', doc: 'What happens when nobody decides.', behind: MAP },
  },
  ask: {
    of: { doc: 'Who is asked.', behind: MAP },
    via: { doc: 'How they are told.' },
    form: { doc: 'What they fill in.', behind: MAP },
    timeout: { detail: '{ after, then }', doc: 'What happens when nobody answers.', behind: MAP },
  },
  wait: {},
  publish: {
    data: { doc: 'What the event says.', behind: MAP },
    subject: { doc: 'What the event is about.' },
  },
  set: {},
  undo: {},
  try: {
    catch: { detail: 'list', doc: 'What is done on which errors.', behind: `${LIST}do:\n      - ` },
    finally: { detail: 'list of steps', doc: 'Done in any case.', behind: LIST },
  },
  fail: {},
  succeed: {},
};

const CONTEXTS: Readonly<Record<string, Fields>> = {
  playbook: PLAYBOOK,
  reaction: REACTION,
  trigger: {
    topic: { doc: 'An event on a topic.' },
    alert: { doc: 'A new alert.', behind: ' true' },
    webhook: { doc: 'A call of /hooks/<name>.' },
    schedule: { detail: 'cron', doc: 'At times, in five fields.' },
    case: { doc: 'A case that changed.', behind: ' true' },
    manual: { doc: 'A person starts it.', behind: ' true' },
    page: { doc: 'A form that people fill in.' },
    id: { doc: 'Its name in messages.' },
    when: { detail: 'condition', doc: 'Whether it starts a run; sees `event`.' },
    sync: { doc: 'true: a webhook answers with the outputs.' },
    schema: { doc: 'The schema of what a webhook takes.', behind: MAP },
    form: { doc: 'The fields of a page.', behind: MAP },
    public: { doc: 'true: a page needs no sign-in.' },
    time_zone: { doc: 'Of a schedule; default: UTC.' },
    missed: { doc: 'What becomes of times that were missed: skip, once or all.' },
  },
  use: {
    connector: { doc: 'Id of a connector.' },
    capability: { doc: 'Name of a capability.' },
    connection: { doc: 'Id of a connection.' },
    targets: { doc: 'one provider of the capability, or all.' },
  },
  concurrency: {
    key: { detail: 'expression', doc: 'Runs of the same key do not run at the same time.' },
    on_conflict: { doc: 'join, queue, replace or drop.' },
  },
  subscribe: {
    topic: { doc: 'The topic of the events.' },
    when: { detail: 'condition', doc: 'Which events it reacts to.' },
    trust: { doc: 'Whom it believes.', behind: MAP },
  },
  trust: {
    publishers: { detail: 'list', doc: 'Participants that may cause it.' },
    sources: { doc: 'So many of them must say the same.' },
  },
  idempotency: {
    key: { detail: 'expression', doc: 'What counts as the same event.' },
    ttl: { detail: 'duration', doc: 'For how long.' },
  },
  limits: {
    rate: { detail: '30/min', doc: 'So many in any such time; more are held.' },
    max_hops: { doc: 'How many reactions an event may have come through.' },
    stale: { detail: 'duration', doc: 'What is held longer than this expires.' },
  },
  announcement: { topic: { doc: 'The topic.' }, data: { doc: 'What the event says.', behind: MAP } },
  failure: { publish: { detail: 'topic', doc: 'The topic on which a failure is announced.' } },
  retry: {
    attempts: { doc: 'Attempts in all.' },
    delay: { detail: 'duration', doc: 'Before the second attempt.' },
    backoff: { doc: 'By what the delay is multiplied.' },
    max_delay: { detail: 'duration', doc: 'The longest delay.' },
    on: { detail: 'names of errors', doc: 'Which errors; default: all that may pass.' },
  },
  lease: {
    for: { detail: 'duration', doc: 'How long the effect stays.' },
    while: { doc: 'case_open: as long as the case is open.' },
    max: { detail: 'duration', doc: 'Never longer than this.' },
  },
  deadline: {
    after: { detail: 'duration', doc: 'How long people have.' },
    [THEN]: { doc: 'What counts then.' },
  },
  by: {
    role: { doc: 'People of this role.' },
    users: { detail: 'list', doc: 'These people.' },
    exclude: { detail: 'expression', doc: 'Who may not, such as run.started_by.' },
    quorum: { doc: 'How many must agree.' },
    delegate: { doc: 'true: they may hand it to somebody else.' },
  },
  of: { role: { doc: 'People of this role.' }, users: { detail: 'list', doc: 'These people.' } },
  wait: {
    for: { detail: 'duration', doc: 'A time.' },
    until: { detail: 'expression', doc: 'A moment.' },
    topic: { doc: 'An event on a topic.' },
    match: { detail: 'condition', doc: 'Which event; sees `candidate`.' },
    since: { doc: 'now or run_start.' },
    timeout: { detail: 'duration', doc: 'How long at most.' },
    window: { doc: 'A window of a calendar.' },
    any: { detail: 'name: condition', doc: 'Whichever comes first.', behind: MAP },
  },
  elif: {
    if: { detail: 'condition', doc: 'The condition.' },
    [THEN]: { detail: 'list of steps', doc: 'What is done.', behind: LIST },
  },
  catch: {
    on: { detail: 'names of errors', doc: 'Which errors; default: any.' },
    do: { detail: 'list of steps', doc: 'What is done; sees `error`.', behind: LIST },
  },
  carried: { from: { doc: 'The value at first.' }, next: { doc: 'The value of the next round.' } },
  schema: {
    type: { doc: 'string, integer, number, boolean, array or object.' },
    default: { doc: 'The value when none is given.' },
    required: { doc: 'Whether it must be given; default: when there is no default.' },
    description: { doc: 'What it is for.' },
    enum: { detail: 'list', doc: 'The values that are allowed.' },
    items: { doc: 'The schema of the items.', behind: MAP },
    untrusted: { doc: 'true: an attacker may have written it.' },
  },
};

/** The fields that a map of a context may have, apart from those that it has. */
export function fieldOptions(
  context: string,
  present: ReadonlyMap<string, string>,
  inFlow: boolean,
): readonly CompletionOption[] {
  const fields = context === 'step' ? stepFields(present) : (CONTEXTS[context] ?? {});
  return Object.entries(fields)
    .filter(([name]) => !present.has(name))
    .map(([name, { detail = '', doc, behind = ' ' }]) => {
      const isVerb = context === 'step' && name in VERB_FIELDS && name !== 'if';
      return option(name, isVerb ? 'step' : 'key', detail, doc, `${name}:${inFlow ? ' ' : behind}`);
    });
}

function stepFields(present: ReadonlyMap<string, string>): Fields {
  const verbs = Object.keys(VERB_FIELDS).filter((verb) => present.has(verb));
  const verb = verbs.find((one) => one !== 'if') ?? verbs[0];
  if (verb === undefined) return { ...only(COMMON, ['id', 'title']), ...VERB_FIELDS, ...COMMON };
  if (verb !== 'if') return { ...BY_VERB[verb], ...COMMON };
  // A condition alone may still become the guard of another verb.
  return { ...BY_VERB.if, ...COMMON, ...VERB_FIELDS };
}

function only(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** Names of fields by context, for holding them against the grammar. */
export const FIELD_NAMES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(CONTEXTS).map(([context, fields]) => [context, Object.keys(fields)])),
  ...Object.fromEntries(Object.entries(BY_VERB).map(([verb, fields]) => [`verb ${verb}`, Object.keys(fields)])),
  verbs: Object.keys(VERB_FIELDS),
  common: [...Object.keys(COMMON), ...Object.keys(OF_ACTION)],
};
