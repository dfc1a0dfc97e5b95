/** Id of the setting that says that a backup was restored and nothing may act yet. */
export const FROZEN_SETTING = 'frozen';

/** The value of that setting. */
export interface FrozenSetting {
  /** When the backup was restored, Unix milliseconds. */
  readonly restored_at: number;
  /** What was durable then is known; what happened later is not. Unix milliseconds. */
  readonly backup_at: number;
}
