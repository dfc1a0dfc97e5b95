import type { Catalogue, Finding, Outline, Plan } from '@counterpoint/playbook';

/** A source that was checked against this server's connectors, topics and playbooks. */
export interface CheckedSource {
  /** Undefined when it has findings of severity error. */
  readonly plan: Plan | undefined;
  readonly id: string | undefined;
  readonly findings: readonly Finding[];
  readonly outline: Outline;
}

/** Checks playbooks against what this server has. */
export interface PlaybookDesk {
  /** What this server has, apart from connections and published playbooks. */
  readonly catalogue: Catalogue;
  /** Everything that a playbook is checked against now: also connections, and how published playbooks are called. */
  world(): Promise<Catalogue>;
  check(source: string): Promise<CheckedSource>;
}
