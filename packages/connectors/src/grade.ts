/** What a grade rests on. */
export interface GradeFact {
  /** docs/explanation/connector-grades.md says what it means. */
  readonly fact: string;
  /** The grade that asks for it. */
  readonly for: 'A' | 'B' | 'C';
  readonly holds: boolean;
}

/** How far a connector is proven: A proven, B dependable, C works, - not even that. Computed when it is generated. */
export interface ConnectorGrade {
  readonly letter: 'A' | 'B' | 'C' | '-';
  readonly facts: readonly GradeFact[];
}
