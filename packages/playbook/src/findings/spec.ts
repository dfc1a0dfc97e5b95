/** What is said about one kind of finding. `{name}` in the message is filled from parameters. */
export interface FindingSpec {
  readonly message: string;
  /** What the author can do. */
  readonly help: string;
  /** Default: error. A document with errors is not compiled. */
  readonly severity?: 'warning';
}
