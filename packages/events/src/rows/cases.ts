import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';
import type { Handling } from '../handling.ts';

/** A normalised finding. */
export interface AlertRow extends Causality, Handling {
  readonly id: string;
  readonly source: string;
  readonly finding_key: string;
  readonly title: string;
  /** OCSF severity_id: 0 unknown, 1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal. */
  readonly severity: number;
  readonly status: 'new' | 'in_progress' | 'suppressed' | 'resolved';
  readonly verdict: 'malicious' | 'suspicious' | 'benign' | 'unknown';
  /** How many findings were counted on this alert. */
  readonly count: number;
  readonly first_seen: number;
  readonly last_seen: number;
  /** The OCSF Detection Finding. */
  readonly finding: Json;
  /** The raw input it was first read from. */
  readonly raw: string;
  readonly case_id: string | null;
  readonly simulated: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  /** When it was resolved (Unix ms); null while it is not. */
  readonly resolved_at: number | null;
  readonly rev: number;
}

/** A typed value (STIX 2.1 SCO vocabulary); its id is the stable id of type and value. */
export interface ObservableRow {
  readonly id: string;
  readonly type: string;
  readonly value: string;
  /** The labels of a domain from the last to the first, each with a dot behind it (`com.example.www.`); else empty. */
  readonly reversed: string;
  readonly first_seen: number;
}

/** That an observable was seen in something. Its id is the stable id of observable and subject. */
export interface ObservableLinkRow {
  readonly id: string;
  readonly observable: string;
  /** Reference: `alert:…` or `case:…`. */
  readonly subject: string;
  readonly at: number;
  readonly trace: string;
}

/** What somebody says about an observable. */
export interface EnrichmentRow extends Causality {
  readonly id: string;
  readonly observable: string;
  /** Who says so: connection id, or `analyst`. */
  readonly source: string;
  readonly verdict: 'malicious' | 'suspicious' | 'benign' | 'unknown';
  /** 0 (surely benign) to 100 (surely malicious); null when the source gives none. */
  readonly score: number | null;
  readonly data: Json;
  readonly at: number;
}

/** The unit of human work. */
export interface CaseRow extends Causality, Handling {
  readonly id: string;
  readonly title: string;
  readonly status: 'open' | 'in_progress' | 'resolved' | 'closed';
  /** OCSF severity_id. */
  readonly severity: number;
  readonly owner: string | null;
  readonly summary: string;
  readonly verdict: 'malicious' | 'suspicious' | 'benign' | 'unknown';
  readonly simulated: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  readonly closed_at: number | null;
  readonly rev: number;
}

/** One line of a case's timeline, by a person or a machine. */
export interface CaseEntryRow extends Causality {
  readonly id: string;
  readonly case_id: string;
  readonly kind:
    | 'opened'
    | 'note'
    | 'alert_added'
    | 'alert_removed'
    | 'observable_added'
    | 'status'
    | 'owner'
    | 'summary'
    | 'effect'
    | 'run';
  readonly text: string;
  readonly data: Json;
  readonly at: number;
}
