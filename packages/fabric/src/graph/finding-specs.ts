/** What is said about one kind of finding. `{name}` in the message is filled from parameters. */
export interface FabricFindingSpec {
  readonly message: string;
  /** What the author can do. */
  readonly help: string;
  /** `error` fails the check, `warning` only a strict one, `info` never. */
  readonly severity: 'error' | 'warning' | 'info';
}

/** Every finding about how reactions, playbooks and participants fit together, by name; its code is `fabric.<name>`. */
export const fabricFindingSpecs = {
  cycle: {
    message: 'Events go round in a circle: {path}. Conditions are not evaluated, so it may never close.',
    help: 'Break it: let one of them publish on a topic of its own, or narrow what it takes. If it is meant, say how often it may go round: `limits: { max_hops: … }` in every reaction on it, a `when` at every trigger of a playbook.',
    severity: 'error',
  },
  bounded_cycle: {
    message:
      'Events may go round in a circle, as often as the hop budget lets them: {path}. Conditions are not evaluated.',
    help: 'Make sure that the conditions exclude each other. The dynamic guard (hop budget, storm breaker) stops it all the same.',
    severity: 'warning',
  },
  starts_itself: {
    message: '{actor} takes {topic} and publishes on it, so that it starts itself.',
    help: 'Publish on another topic, or narrow its condition to what it does not publish.',
    severity: 'error',
  },
  self_trigger: {
    message: '{actor} takes {topic}, and {what} announces it again, so that it may start itself.',
    help: 'Narrow its condition to what it does not bring about itself.',
    severity: 'warning',
  },
  never_published: {
    message: '{actor} takes {topic}, which nobody publishes.',
    help: 'Publish it, declare the participant that does in content/participants/, or take another topic.',
    severity: 'warning',
  },
  never_taken: {
    message: '{actor} publishes {topic}, which nobody takes.',
    help: 'Nothing is wrong when only people read it. Else subscribe a reaction, a playbook or a participant to it.',
    severity: 'info',
  },
  failure_unhandled: {
    message: '{actor} tells of its failure on {topic}, which nobody takes.',
    help: 'Let a playbook or a participant take the failure topic, for example one that posts to a channel.',
    severity: 'warning',
  },
  forgets_early: {
    message: '{actor} forgets its key after {ttl}, before the lease of "{step}" ends ({lease}).',
    help: 'Give `idempotency.ttl` at least the length of the lease, so that the same event does not act twice while its effect stands.',
    severity: 'warning',
  },
  contains_for_anybody: {
    message: '{actor} contains something ("{step}") on the word of whoever is trusted for {topic}.',
    help: 'Nothing is wrong when the trust lists of participants say enough. Else name who may cause it here: `subscribe: { trust: { publishers: […] } }`.',
    severity: 'info',
  },
  no_rate: {
    message: '{actor} acts without people and without a rate limit.',
    help: 'Say how much is normal, such as `limits: { rate: 30/min }`; what is more is held and shown.',
    severity: 'info',
  },
  topic_broken: {
    message: 'The schema of {topic} does not fit what was published under its name: {reason}.',
    help: 'Leave it as it was and declare a new version beside it. Only fields that may be left out can be added to a version.',
    severity: 'error',
  },
  not_compiled: {
    message: '{file} has errors, so that what it takes and publishes is not known here.',
    help: 'Correct it: checking it shows each error with its line.',
    severity: 'error',
  },
} as const satisfies Record<string, FabricFindingSpec>;

/** The name of a kind of finding. */
export type FabricFindingName = keyof typeof fabricFindingSpecs;
