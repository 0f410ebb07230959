DROP TABLE physical_products;
DROP TABLE digital_products;
DROP TABLE products;
