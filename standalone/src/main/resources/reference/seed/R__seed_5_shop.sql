-- Sample data of the shop: 3 integrations, 40 products, stock in 2 warehouses, 50 orders with their lines.

set local time zone 'UTC';

insert into shop.integrations (id, platform, name, base_url, settings, enabled, last_sync_at)
values
  (1, 'SHOPIFY', 'Main store', 'https://main.shop.example', '{"location": 41, "currency": "EUR"}', true, '2026-01-20 03:00:12+00'),
  (2, 'WOOCOMMERCE', 'Outlet', 'https://outlet.example', '{"page_size": 50}', true, '2026-01-20 03:01:40+00'),
  (3, 'MERCADOLIBRE', 'Marketplace', 'https://api.market.example', '{"site": "MCO", "fee": 0.1350}', false, null)
on conflict do nothing;

insert into shop.products
  (id, sku, name, description, price, weight_kg, labels, size_cm, external_ids, active, updated_at)
select
  i,
  (array['TE', 'CU', 'LA', 'BO'])[1 + i % 4] || '-' || lpad(i::text, 4, '0'),
  (array['Green tea', 'Cup', 'Lamp', 'Notebook'])[1 + i % 4] || ' ' ||
    (array['"Alba"', 'Nº 5', 'large', 'in oak', 'classic', '''Sol'''])[1 + i % 6],
  case when i % 3 <> 0 then 'Made in small numbers. ' || repeat('Lasts for years. ', (i % 5)::integer) end,
  (array[7.90, 12.00, 89.95, 4.50])[1 + i % 4] + i % 7,
  case when i % 8 <> 0 then (array[0.100, 0.350, 2.400, 0.220])[1 + i % 4] end,
  (array['{new}', '{sale,winter}', '{}', '{"hand made"}']::text[])[1 + i % 4]::text[],
  case when i % 5 <> 0 then array[10.5, 7.25 + i, 3] end,
  jsonb_build_object('SHOPIFY', 9007199254740993 + i, 'WOOCOMMERCE', (1000 + i)::text),
  i % 13 <> 0,
  timestamptz '2026-01-04 10:00:00+00' + i * interval '3 hours'
from generate_series(1, 40) as i
on conflict do nothing;

insert into shop.inventory (warehouse, product_id, stock, reserved, batches, counted_at)
select
  warehouse,
  product_id,
  5 + product_id * 17 % 90,
  product_id % 3,
  case when product_id % 4 = 0
    then jsonb_build_array(jsonb_build_object('number', 'L' || 100 + product_id, 'pieces', 5, 'best_before', '2027-03-01'))
    else '[]' end,
  case when product_id % 6 <> 0 then timestamptz '2026-01-02 18:00:00+00' + product_id * interval '1 minute' end
from
  unnest(array['madrid', 'north/hall-2']) as warehouse,
  generate_series(1, 40) as product_id
where warehouse = 'madrid' or product_id % 2 = 0
on conflict do nothing;

insert into shop.orders
  (id, integration_id, external_id, status, customer, currency, total, placed_at, shipped_at)
select
  i,
  1 + i % 3,
  (array['#', 'WC-', 'ML'])[1 + i % 3] || 20000 + i,
  status,
  jsonb_build_object('name', (array['Olga Rossi', 'Peter Haugen', 'Mei Tanaka', 'Zofia Novak'])[1 + i % 4],
    'city', (array['Sevilla', 'Bergen', 'Lyon'])[1 + i % 3], 'zip', lpad((i * 977 % 100000)::text, 5, '0')),
  'EUR',
  0,
  timestamp '2026-01-06 07:45:00' + i * interval '6 hours 17 minutes',
  case when status = 'SHIPPED' then timestamptz '2026-01-07 15:00:00+00' + i * interval '6 hours 17 minutes' end
from
  generate_series(1, 50) as i,
  lateral (
    select (case when i < 35 then (array['SHIPPED', 'SHIPPED', 'CANCELLED'])[1 + i % 3]
      else (array['NEW', 'PAID', 'PACKED'])[1 + i % 3] end)::shop.order_status
  ) as life (status)
on conflict do nothing;

insert into shop.order_lines (order_id, line, integration_id, product_id, quantity, unit_price)
select
  placed.id,
  line,
  placed.integration_id,
  product.id,
  1 + (placed.id + line) % 4,
  product.price
from
  shop.orders as placed,
  generate_series(1, 3) as line
  join shop.products as product on true
where
  placed.id <= 50
  and line <= 1 + placed.id % 3
  and product.id = 1 + (placed.id * 7 + line * 11) % 40
on conflict do nothing;

update shop.orders
set total = sums.total
from (
  select order_id, sum(quantity * unit_price) as total from shop.order_lines group by order_id
) as sums
where orders.id = sums.order_id and orders.id <= 50 and orders.total = 0;
