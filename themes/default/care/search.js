const box = document.getElementById('search');
addEventListener('DOMContentLoaded', () => {
  const rows = [...document.querySelectorAll('.people tbody tr')];
  if (rows.length <= 8) return;
  const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const texts = rows.map(row => plain(row.textContent));
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = box.dataset.label;
  input.setAttribute('aria-label', input.placeholder);
  input.addEventListener('input', () => {
    const wanted = plain(input.value).split(/\s+/);
    rows.forEach((row, i) => { row.hidden = !wanted.every(word => texts[i].includes(word)); });
  });
  box.append(input);
});
