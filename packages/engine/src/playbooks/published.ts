import type { Plan, Trigger } from '@counterpoint/playbook';

/** A published version, ready to run. */
export interface PublishedPlan {
  readonly plan: Plan;
  /** What its actions may do now: the rights of whoever published it. Asked for with every action. */
  permissions(): Promise<ReadonlySet<string>>;
}

/** A trigger of the current version of an enabled playbook. */
export interface PublishedTrigger<Kind extends Trigger> {
  readonly published: PublishedPlan;
  readonly trigger: Kind;
}

/** Triggers that listen to events. */
export type EventTrigger = Extract<Trigger, { readonly kind: 'topic' | 'alert' }>;
/** Triggers that are called over HTTP. */
export type WebhookTrigger = Extract<Trigger, { readonly kind: 'webhook' }>;

/** Where the engine finds plans. */
export interface PlanSource {
  /** The plan of a version, also of one that is no longer current. @throws engine.version_unknown */
  byVersion(version: string): Promise<PublishedPlan>;
  /** The current plan of an enabled playbook. @throws engine.playbook_unknown */
  current(playbook: string): Promise<PublishedPlan>;
  /** Triggers of the current plans that listen to events of a topic; alert triggers listen to `alert.created.v1`. */
  forTopic(topic: string): Promise<readonly PublishedTrigger<EventTrigger>[]>;
  /** The webhook trigger of a current plan with this path segment. */
  forWebhook(path: string): Promise<PublishedTrigger<WebhookTrigger> | undefined>;
}
