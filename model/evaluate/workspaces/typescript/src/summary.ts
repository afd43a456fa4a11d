import { estimateArrival, isLate, isLost } from './eta.ts';
import { currentStatus, type Parcel } from './parcel.ts';
import { statusLabel } from './status.ts';

/** Longer labels are cut in the list. */
const MAX_LABEL = 24;

/** One line of the list: label, status, day of arrival. */
export function summaryLine(parcel: Parcel, now: Date): string {
  return `${shorten(parcel.label)}: ${statusLabel(currentStatus(parcel))}${hint(parcel, now)}`;
}

function hint(parcel: Parcel, now: Date): string {
  if (isLost(parcel, now)) return ' (please ask the sender)';
  if (isLate(parcel, now)) return ' (late)';
  return `, expected ${formatDay(estimateArrival(parcel))}`;
}

/** The list as one text; says so when there is nothing in it. */
export function summarise(parcels: readonly Parcel[], now: Date): string {
  if (parcels.length === 0) return 'You are not waiting for anything.';
  return parcels.map((parcel) => summaryLine(parcel, now)).join('\n');
}

/** A day as 2026-05-04, whatever the time zone. */
export function formatDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}

function shorten(label: string): string {
  return label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label;
}
