import { useApi } from '../../app/use-api.ts';
import { Stat } from '../../ui/stat.tsx';
import { EFFECT_CLASSES } from '../../ui/states.ts';
import styles from './effects.module.css';

const CLASSES = ['contain', 'change', 'destroy', 'notify'] as const;

/** How many changes are in force, and how many of them need somebody; each tile leads to its list. */
export function EffectTiles() {
  const { data } = useApi('countEffects', {}, { every: 60_000 });
  const of = (name: string) => data?.by_class[name] ?? 0;
  const figure = (value: number | undefined) => value?.toLocaleString('en') ?? '–';
  return (
    <div className={styles.tiles}>
      <Stat label="In force" value={figure(data?.in_force)} to="/effects" hint="changes of every class" />
      {CLASSES.filter((name) => name === 'contain' || name === 'change' || of(name) > 0).map((name) => (
        <Stat
          key={name}
          label={name === 'contain' ? 'Containing' : name === 'change' ? 'Changing' : name}
          value={figure(data && of(name))}
          hint={EFFECT_CLASSES[name]?.means}
          to={`/effects?class=${name}`}
        />
      ))}
      <Stat
        label="Ending within the hour"
        value={figure(data?.ending_soon)}
        hint="undone by themselves"
        to="/effects?ends=hour&sort=ends"
        {...(data && data.ending_soon > 0 ? { tone: 'warn' as const } : {})}
      />
      <Stat
        label="Without an end"
        value={figure(data?.lasting)}
        hint="no time ends them"
        to="/effects?ends=never"
        {...(data && data.lasting > 0 ? { tone: 'warn' as const } : {})}
      />
      <Stat
        label="Unknown outcome"
        value={figure(data?.unknown)}
        hint="somebody must look"
        to="/effects?view=all&state=unknown"
        {...(data && data.unknown > 0 ? { tone: 'bad' as const } : {})}
      />
      <Stat
        label="Undo failed"
        value={figure(data?.undo_failed)}
        hint="tried again by itself"
        to="/effects?view=all&state=undo_failed"
        {...(data && data.undo_failed > 0 ? { tone: 'bad' as const } : {})}
      />
    </div>
  );
}
