/** Topics that this server publishes by itself, and on what occasion. */
export const serverTopics: Readonly<Record<string, string>> = {
  'alert.created.v1': 'a new alert came in',
  'alert.revised.v1': 'a person revised the verdict of an alert',
  'case.changed.v1': 'a person opened or changed a case',
  'inbox.changed.v1': 'something waits for people, or was decided',
  'fabric.retracted.v1': 'what followed from something was taken back',
  'fabric.storm.v1': 'more events came than anybody meant to act on',
  'fabric.participant_joined.v1': 'a participant joined',
  'fabric.participant_left.v1': 'a participant left',
};

const CASE = 'case.changed.v1';
const INBOX = 'inbox.changed.v1';

/** Built-in actions whose effect the server announces: action -> topic. */
export const announcedActions: ReadonlyMap<string, string> = new Map([
  ['case.open', CASE],
  ['case.set_status', CASE],
  ['case.assess', CASE],
  ['case.resolve', CASE],
  ['case.add_alert', CASE],
  ['alert.link_case', CASE],
  ['alert.set_verdict', 'alert.revised.v1'],
]);

/** The topic on which a step that asks people is announced. */
export const ASKING: string = INBOX;
