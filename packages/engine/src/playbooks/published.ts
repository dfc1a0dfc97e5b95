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
export type EventTrigger = Extract<Trigger, { readonly kind: 'topic' | 'alert' | 'case' }>;
/** Triggers that are called over HTTP. */
export type WebhookTrigger = Extract<Trigger, { readonly kind: 'webhook' }>;
/** Triggers that fire at certain times. */
export type ScheduleTrigger = Extract<Trigger, { readonly kind: 'schedule' }>;
/** Triggers that people reach through a form. */
export type PageTrigger = Extract<Trigger, { readonly kind: 'page' }>;

/** Where the engine finds plans. */
export interface PlanSource {
  /** The plan of a version, also of one that is no longer current. @throws engine.version_unknown */
  byVersion(version: string): Promise<PublishedPlan>;
  /** The current plan of an enabled playbook. @throws engine.playbook_unknown */
  current(playbook: string): Promise<PublishedPlan>;
  /** Triggers of the current playbooks that listen to events of a topic; alert triggers listen to `alert.created.v1`, case triggers to `case.changed.v1`. */
  forTopic(topic: string): Promise<readonly PublishedTrigger<EventTrigger>[]>;
  /** The current plans of enabled reactions to events of a topic: they are no triggers, see `forTopic`. */
  reactionsTo(topic: string): Promise<readonly PublishedPlan[]>;
  /** The webhook trigger of a current plan with this path segment. */
  forWebhook(path: string): Promise<PublishedTrigger<WebhookTrigger> | undefined>;
  /** The page trigger of a current plan with this path segment. */
  forPage(path: string): Promise<PublishedTrigger<PageTrigger> | undefined>;
  /** The schedule triggers of the current plans. */
  schedules(): Promise<readonly PublishedTrigger<ScheduleTrigger>[]>;
}
