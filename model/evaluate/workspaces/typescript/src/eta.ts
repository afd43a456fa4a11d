import { carrierNamed } from './carriers/index.ts';
import { isFinished, type Parcel } from './parcel.ts';

/** After this many days without a scan a parcel counts as lost. */
export const LOST_AFTER_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/** The day that lies `days` working days after `start`; Saturdays and Sundays are passed over. */
export function addWorkingDays(start: Date, days: number): Date {
  const day = new Date(start);
  let left = days;
  while (left > 0) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (!isWeekend(day)) left -= 1;
  }
  return day;
}

function isWeekend(day: Date): boolean {
  return day.getUTCDay() === 0 || day.getUTCDay() === 6;
}

/** When the parcel should arrive, by the promise of its carrier. */
export function estimateArrival(parcel: Parcel): Date {
  return addWorkingDays(parcel.sentAt, carrierNamed(parcel.carrier).workingDays);
}

/** True for a parcel that should have arrived and has not. */
export function isLate(parcel: Parcel, now: Date): boolean {
  // TODO: bank holidays are not passed over yet
  return !isFinished(parcel) && estimateArrival(parcel).getTime() < now.getTime();
}

export function isLost(parcel: Parcel, now: Date): boolean {
  const last = parcel.scans.at(-1)?.at ?? parcel.sentAt;
  return !isFinished(parcel) && now.getTime() - last.getTime() > LOST_AFTER_DAYS * DAY;
}
