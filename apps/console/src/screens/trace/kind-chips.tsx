import { Button, Chip } from '@mantine/core';
import { lookOf } from './node-looks.ts';
import styles from './trace.module.css';

interface KindChipsProps {
  readonly counts: ReadonlyMap<string, number>;
  readonly hidden: readonly string[];
  /** Not all of the story has been read: there may be more of each kind. */
  readonly cut: boolean;
  readonly onChange: (hidden: readonly string[]) => void;
}

/** One chip for each kind of node; what is not chosen is left out of the tree. */
export function KindChips({ counts, hidden, cut, onChange }: KindChipsProps) {
  const toggle = (kind: string, shown: boolean) =>
    onChange(shown ? hidden.filter((each) => each !== kind) : [...hidden, kind]);
  const some = [...counts.keys()].some((kind) => hidden.includes(kind));
  return (
    <fieldset className={styles.chips} aria-label="What is shown">
      {[...counts].map(([kind, count]) => {
        const { icon: Icon, one, many } = lookOf(kind);
        return (
          <Chip
            key={kind}
            size="xs"
            variant="outline"
            checked={!hidden.includes(kind)}
            onChange={(shown) => toggle(kind, shown)}
          >
            <span className={styles.kind}>
              <Icon size={13} aria-hidden /> {count.toLocaleString('en')}
              {cut ? '+' : ''} {count === 1 && !cut ? one : many}
            </span>
          </Chip>
        );
      })}
      {some && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange([])}>
          Show everything
        </Button>
      )}
    </fieldset>
  );
}
