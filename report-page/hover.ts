import type uPlot from 'uplot';

/** A place in a plot that says its values when it is pointed at. */
export interface Spot {
  x: number;
  y: number;
  text: string;
}

/** Pixels within which a spot is pointed at, across. */
const reach = 60;

/** Shows the values of the spot under the pointer, or of the one that the arrow keys have come to. */
export function hover(place: HTMLElement, plot: uPlot, spots: Spot[]): void {
  const ring = element('ring-mark', plot.over);
  const tip = element('tip', plot.over);
  tip.setAttribute('role', 'status');
  let current = -1;

  const show = (index: number) => {
    const spot = spots[index];
    current = spot ? index : -1;
    place.classList.toggle('pointing', spot !== undefined);
    if (!spot) return;
    const { left, top } = at(plot, spot);
    tip.textContent = spot.text;
    ring.style.translate = `${left}px ${top}px`;
    const room = plot.over.clientWidth - tip.offsetWidth;
    const above = top - tip.offsetHeight - 12;
    tip.style.translate = `${Math.max(0, Math.min(room, left - tip.offsetWidth / 2))}px ${above < -4 ? top + 12 : above}px`;
  };

  const point = ({ clientX, clientY }: PointerEvent) => {
    const box = plot.over.getBoundingClientRect();
    show(nearest(plot, spots, clientX - box.left, clientY - box.top));
  };
  plot.over.addEventListener('pointermove', point);
  plot.over.addEventListener('pointerdown', point);
  plot.over.addEventListener('pointerleave', () => show(-1));
  place.addEventListener('blur', () => show(-1));
  place.addEventListener('keydown', event => {
    const next = step(event.key, current, spots.length);
    if (next === undefined) return;
    event.preventDefault();
    show(next);
  });
}

function step(key: string, current: number, length: number): number | undefined {
  if (key === 'ArrowRight') return Math.min(length - 1, current + 1);
  if (key === 'ArrowLeft') return current < 0 ? length - 1 : Math.max(0, current - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return key === 'Escape' ? -1 : undefined;
}

function nearest(plot: uPlot, spots: Spot[], left: number, top: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  spots.forEach((spot, i) => {
    const place = at(plot, spot);
    const across = Math.abs(place.left - left);
    // Who points at a round means the round: height tells apart only those at the same number of uploads.
    const distance = across + Math.abs(place.top - top) / 20;
    if (across < reach && distance < least) {
      best = i;
      least = distance;
    }
  });
  return best;
}

function at(plot: uPlot, { x, y }: Spot): { left: number; top: number } {
  return { left: plot.valToPos(x, 'x'), top: plot.valToPos(y, 'y') };
}

function element(className: string, parent: HTMLElement): HTMLElement {
  const made = document.createElement('div');
  made.className = className;
  parent.append(made);
  return made;
}
