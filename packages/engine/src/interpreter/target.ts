/** One provider of a capability: which action of which connection. */
export type Target = {
  readonly connector: string;
  readonly action: string;
  /** Empty: the only one. */
  readonly connection: string;
};

/** What is acted on where nobody says who provides a capability, such as in a rehearsal. */
export const UNNAMED: Target = { connector: '', action: '', connection: '' };
