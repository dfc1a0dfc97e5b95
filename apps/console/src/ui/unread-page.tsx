import { isCounterpointError } from '@counterpoint/core';
import { ErrorPanel } from './error-panel.tsx';
import { Page } from './page.tsx';

interface UnreadPageProps {
  /** What it would have shown, such as `Alert`. */
  readonly title: string;
  /** The screens above it; the last of them lists what there is. */
  readonly above: readonly { readonly title: string; readonly path: string }[];
  readonly error: unknown;
  readonly retry: () => unknown;
}

/** The screen of one thing that could not be read, or that is not there: what happened, and the way to those that are. */
export function UnreadPage({ title, above, error, retry }: UnreadPageProps) {
  const missing = isCounterpointError(error) && error.status === 404;
  return (
    <Page title={title} above={above}>
      <ErrorPanel
        error={error}
        title={missing ? 'It is not here, or not any more' : `The ${title.toLowerCase()} could not be read`}
        {...(missing ? {} : { retry })}
        instead={above.at(-1)}
      />
    </Page>
  );
}
