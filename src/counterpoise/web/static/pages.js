// Draws charts from Vega-Lite and links the controls of a form. No library is fetched from elsewhere;
// expressions are interpreted, so the content policy needs no eval.
(function () {
  'use strict';

  const own = document.currentScript.dataset;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const DARK = {
    '#1b1f24': '#e8ebee', '#000000': '#e8ebee', '#000': '#e8ebee', black: '#e8ebee',
    '#4d5761': '#aab4be', '#dfe3e8': '#353d46', '#ffffff': '#15191e', white: '#15191e',
    '#e4e6e8': '#39424b', '#e8e8e8': '#39424b', '#f1f2f4': '#2a3138', '#cdd3d8': '#4a545e',
    '#e0e0e0': '#59636e', '#bbbbbb': '#6b7580', '#5b6770': '#9aa6b1', '#00405f': '#bfe0f5',
  };
  const NARROW = 560;
  const LEAST = 0.45;
  const KEPT = new Set(['datasets', 'data', 'values']);
  const QUIET = { level() { return this; }, warn() { return this; }, info() { return this; }, debug() { return this; },
    error(...said) { throw new Error(said.join(' ')); } };
  let libraries = null;

  function script(address) {
    return new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = address;
      element.onload = resolve;
      element.onerror = () => reject(new Error('The chart library did not load.'));
      document.head.append(element);
    });
  }

  function load() {
    libraries = libraries || script(own.vega).then(() => Promise.all([script(own.lite), script(own.interpreter)]));
    return libraries;
  }

  async function specification(box) {
    const inside = box.querySelector('pre.spec');
    if (inside) return JSON.parse(inside.textContent);
    const answer = await fetch(box.dataset.spec, { headers: { accept: 'application/json' } });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error || 'The chart cannot be drawn.');
    return said;
  }

  // Colours of the light page are exchanged for those of the dark one, data left alone.
  function dressed(value, key) {
    if (typeof value === 'string') return DARK[value.toLowerCase()] || value;
    if (Array.isArray(value)) return value.map((item) => dressed(item, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) =>
      [name, KEPT.has(name) ? item : dressed(item, name)]));
  }

  // Every width of a chart by a factor; maps and what keeps its shape shrink in both directions.
  function scaled(value, factor, shape) {
    if (Array.isArray(value)) return value.map((item) => scaled(item, factor, shape));
    if (value === null || typeof value !== 'object') return value;
    const copy = {};
    const both = shape || Boolean(value.projection);
    for (const [name, item] of Object.entries(value)) {
      if (KEPT.has(name) || ['config', 'encoding', 'mark', 'usermeta'].includes(name)) copy[name] = item;
      else if ((name === 'width' || (name === 'height' && both)) && typeof item === 'number') copy[name] = Math.round(item * factor);
      else copy[name] = scaled(item, factor, shape);
    }
    if (copy.projection && Array.isArray(copy.projection.translate)) {
      copy.projection = { ...copy.projection, scale: copy.projection.scale * factor,
        translate: copy.projection.translate.map((at) => at * factor) };
    }
    return copy;
  }

  // On a narrow screen legends stand in a column, titles take several lines, labels on top lean.
  function narrowed(value, key) {
    if (Array.isArray(value)) return value.map((item) => narrowed(item, key));
    if (key === 'title' && typeof value === 'string') return wrapped(value);
    if (value === null || typeof value !== 'object') return value;
    const copy = {};
    for (const [name, item] of Object.entries(value)) {
      if (KEPT.has(name) || name === 'config') copy[name] = item;
      else if (name === 'encoding' || name === 'params') copy[name] = narrowed(item, name);
      else copy[name] = key === 'encoding' || key === 'legend' || key === 'axis' ? plainly(name, item) : narrowed(item, name);
    }
    if (key === 'title') for (const name of ['text', 'subtitle']) if (typeof copy[name] === 'string') copy[name] = wrapped(copy[name]);
    return copy;
  }

  function plainly(channel, encoding) {
    if (Array.isArray(encoding) || encoding === null || typeof encoding !== 'object') return encoding;
    const copy = { ...encoding };
    if (copy.legend && typeof copy.legend === 'object') copy.legend = { ...copy.legend, direction: 'vertical', columns: 1, orient: 'top' };
    if (copy.axis && copy.axis.orient === 'top') copy.axis = { ...copy.axis, labelAngle: -45 };
    if (copy.axis && copy.axis.labelLimit > 170) copy.axis = { ...copy.axis, labelLimit: 170 };
    return copy;
  }

  function wrapped(text) {
    const lines = [''];
    for (const word of text.split(' ')) {
      if ((lines[lines.length - 1] + word).length > 40) lines.push('');
      lines[lines.length - 1] += (lines[lines.length - 1] && ' ') + word;
    }
    return lines.length === 1 ? text : lines;
  }

  function tooltip(handler, event, item, value) {
    const box = document.querySelector('.tooltip') || document.body.appendChild(
      Object.assign(document.createElement('div'), { className: 'tooltip' }));
    if (value === null || value === undefined || value === '') { box.hidden = true; return; }
    const lines = typeof value === 'object'
      ? Object.entries(value).filter(([, said]) => String(said) !== '').map(([name, said]) => `${name}: ${said}`) : [String(value)];
    box.textContent = lines.join('\n');
    box.hidden = false;
    const left = Math.min(event.clientX + 14, window.innerWidth - box.offsetWidth - 8);
    const top = Math.min(event.clientY + 14, window.innerHeight - box.offsetHeight - 8);
    box.style.left = `${Math.max(4, left)}px`;
    box.style.top = `${Math.max(4, top)}px`;
  }

  async function render(box, spec) {
    const compiled = window.vegaLite.compile(spec, { logger: QUIET }).spec;
    const view = new window.vega.View(window.vega.parse(compiled, { aria: false }, { ast: true }), {
      expr: window.vegaInterpreter, renderer: 'svg', hover: true, tooltip,
      loader: { load: () => Promise.reject(new Error('Charts fetch nothing.')), sanitize: () => Promise.reject(new Error('Charts link to nothing.')) },
    });
    const place = document.createElement('div');
    box.replaceChildren(...box.querySelectorAll('pre.spec'), place);
    await view.initialize(place).runAsync();
    place.querySelectorAll('svg').forEach((drawing) => {
      drawing.setAttribute('aria-hidden', 'true');
      drawing.setAttribute('focusable', 'false');
    });
    return view;
  }

  // Width of the plots in a row, without labels and legends.
  function widest(value) {
    if (typeof value.width === 'number') return value.width;
    if (value.hconcat) return value.hconcat.reduce((sum, part) => sum + widest(part), 0);
    const parts = value.vconcat || value.concat || [];
    return Math.max(1, ...parts.map(widest), value.spec ? widest(value.spec) : 0);
  }

  async function draw(box) {
    try {
      box.spec = box.spec || await specification(box);
      await load();
      const room = box.clientWidth;
      let spec = dark.matches ? dressed(box.spec) : box.spec;
      if (room < NARROW) spec = narrowed(spec);
      if (box.view) box.view.finalize();
      box.view = await render(box, spec);
      // Letters keep their size: plots shrink as far as they stay legible, then the chart scrolls.
      const natural = Number(box.querySelector('svg').getAttribute('width'));
      if (natural > room) {
        const shape = Boolean(box.spec.usermeta && box.spec.usermeta.keepsShape);
        const plots = room - Math.max(0, natural - widest(spec));
        const factor = Math.max(LEAST, plots / widest(spec));
        box.view.finalize();
        box.view = await render(box, scaled(spec, factor, shape));
      }
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0; else box.removeAttribute('tabindex');
      box.dataset.drawn = 'yes';
    } catch (error) {
      box.textContent = `${error.message} The same figures are in the table below.`;
      box.dataset.drawn = 'no';
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
    }
  }, { rootMargin: '300px' });

  function charts(root) {
    for (const box of root.querySelectorAll('.chart')) {
      if (!box.dataset.watched && (box.dataset.spec || box.querySelector('pre.spec'))) {
        box.dataset.watched = 'yes';
        seen.observe(box);
      }
    }
  }

  function controls() {
    document.querySelectorAll('.needs-script').forEach((element) => { element.hidden = false; });
    const year = document.getElementById('year');
    const slide = document.getElementById('slide');
    document.addEventListener('input', (event) => {
      const from = event.target;
      if (from === slide) year.value = slide.value;
      else if (from === year && slide) slide.value = year.value;
      if (from.type === 'range') {
        const shown = document.querySelector(`output[for="${from.id}"]`);
        if (shown) shown.textContent = Number(from.value).toFixed(2);
      }
    });
    document.body.addEventListener('htmx:configRequest', (event) => {
      // The address says only what departs from the standard.
      for (const range of document.querySelectorAll('#ask input[data-standard]')) {
        if (Number(range.value) === Number(range.dataset.standard)) event.detail.parameters.delete
          ? event.detail.parameters.delete(range.name) : delete event.detail.parameters[range.name];
      }
    });
    document.addEventListener('click', (event) => {
      // A file is sent for by the browser itself: what arrives is kept, not shown.
      const button = event.target.closest('button[data-native]');
      if (!button) return;
      event.preventDefault();
      const before = button.form.action;
      button.form.action = button.formAction;
      button.form.submit();
      button.form.action = before;
    });
    // A part that arrives takes the place, and the focus, of the one that stood for it.
    let focused = null;
    document.body.addEventListener('htmx:beforeSwap', (event) => {
      const target = event.detail.target;
      focused = target && target.id && target.contains(document.activeElement) ? [target.id, document.activeElement.name] : null;
    });
    document.body.addEventListener('htmx:afterSettle', () => {
      if (!focused || document.activeElement !== document.body) return;
      const place = document.getElementById(focused[0]);
      if (!place) return;
      const same = focused[1] && place.querySelector(`[name="${focused[1]}"]`);
      if (!same) place.tabIndex = -1;
      (same || place).focus({ preventScroll: true });
      focused = null;
    });
    document.body.addEventListener('htmx:afterSwap', () => {
      const life = document.getElementById('life');
      if (life && slide) { slide.min = life.dataset.first; slide.max = life.dataset.last; slide.value = year.value; }
    });
  }

  document.addEventListener('htmx:load', (event) => charts(event.detail.elt.parentElement || document));
  dark.addEventListener('change', () => document.querySelectorAll('.chart[data-drawn]').forEach(draw));
  let wide = window.innerWidth;
  let waiting = 0;
  window.addEventListener('resize', () => {
    if (window.innerWidth === wide) return;
    wide = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => document.querySelectorAll('.chart[data-drawn]').forEach(draw), 200);
  });
  charts(document);
  controls();
})();
