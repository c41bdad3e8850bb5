/** A few choices side by side, of which one holds. */
import type { ComponentChildren, VNode } from 'preact';

interface Choice {
  readonly value: string;
  readonly label: ComponentChildren;
}

interface ChoicesProps {
  readonly legend: string;
  readonly name: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
}

/** Radio buttons that look like a row of buttons: one stop of the Tab key, and arrows in between. */
export function Choices({ legend, name, value, choices, onChoose }: ChoicesProps): VNode {
  return (
    <fieldset class="choices">
      <legend class="hidden">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChoose(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (value: string) => void;
}

/** One of many. */
export function Select({ label, value, choices, onChoose }: SelectProps): VNode {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
