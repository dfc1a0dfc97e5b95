import type { Catalogue, Finding, Plan } from '@counterpoint/playbook';

/** A source that was checked against this server's connectors, topics and playbooks. */
export interface CheckedSource {
  /** Undefined when it has findings of severity error. */
  readonly plan: Plan | undefined;
  readonly id: string | undefined;
  readonly findings: readonly Finding[];
}

/** Checks playbooks against what this server has. */
export interface PlaybookDesk {
  /** What this server has, apart from connections and published playbooks. */
  readonly catalogue: Catalogue;
  check(source: string): Promise<CheckedSource>;
}
